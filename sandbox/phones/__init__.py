"""The page with a tenant's and a landlord's phone: plain files served as they are."""
